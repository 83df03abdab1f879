"""责任地图: who answers for what, who took a problem on, and what lies between the teams."""
